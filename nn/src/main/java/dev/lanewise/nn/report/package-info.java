/**
 * How results are shown: as text, drawings and pages of HTML.
 *
 * <p>What may enter: printers and plots that every room shares, what they need to know of the
 * terminal, and the facts about the machine that reports name. No numbers are computed here.
 */
package dev.lanewise.nn.report;
