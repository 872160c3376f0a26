/**
 * How results are shown as text.
 *
 * <p>What may enter: printers that every room shares, and what they need to know of the terminal.
 * No numbers are computed here.
 */
package dev.lanewise.nn.report;
