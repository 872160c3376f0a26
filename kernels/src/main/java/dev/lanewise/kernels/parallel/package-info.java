/**
 * The library's own worker threads and their scratch memory.
 *
 * <p>What may enter: how work is divided and run. Every parallel loop of the library goes through
 * {@link dev.lanewise.kernels.parallel.Workers}; no other thread is ever started.
 */
package dev.lanewise.kernels.parallel;
