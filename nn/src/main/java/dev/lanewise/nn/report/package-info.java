/**
 * How results are shown as text.
 *
 * <p>What may enter: printers that every room shares, what they need to know of the terminal, and
 * the facts about the machine that reports name. No numbers are computed here.
 */
package dev.lanewise.nn.report;
