/**
 * What all checks have in common: data from a seed, comparison, counting.
 *
 * <p>What may enter: helpers that know nothing of what is being checked.
 */
package dev.lanewise.verify.check;
