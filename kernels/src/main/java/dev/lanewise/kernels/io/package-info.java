/**
 * Files that are written whole or not at all.
 *
 * <p>What may enter: what every room needs for writing files safely. Formats belong to the rooms
 * that know their contents.
 */
package dev.lanewise.kernels.io;
