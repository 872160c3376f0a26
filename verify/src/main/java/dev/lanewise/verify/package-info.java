/**
 * The verifications a user can run: each has one entry class with an options record, prints what it
 * finds and returns a {@link dev.lanewise.verify.Tally}. Beside them the list of named shapes.
 *
 * <p>What may enter: entry points and what they have in common. References are in {@code
 * reference}; the checks behind an entry point are in the package named after it.
 */
package dev.lanewise.verify;
