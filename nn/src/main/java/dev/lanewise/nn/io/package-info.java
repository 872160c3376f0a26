/**
 * Files of numbers: reading what may be damaged or hostile, writing without leaving halves behind.
 *
 * <p>What may enter: file formats. A reader checks every length against the file before it
 * allocates, and refuses with an {@link java.io.IOException} that names the file, the rule and the
 * values.
 */
package dev.lanewise.nn.io;
