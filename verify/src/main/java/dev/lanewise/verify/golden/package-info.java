/**
 * Golden networks: files in which an independent framework recorded, in double precision, what a
 * network with formula weights gives and how it trains.
 *
 * <p>What may enter: reading those files, their weight formula, and the comparison with a model.
 */
package dev.lanewise.verify.golden;
