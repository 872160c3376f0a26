/**
 * The libraries that are timed against each other, each behind {@link
 * dev.lanewise.bench.peer.Peer}: Lanewise itself, and others, which stand in {@code src/peers} and
 * are compiled only with the Maven profile {@code peers}. A class here prepares a problem for one
 * library and computes it; it measures nothing and prints nothing.
 *
 * <p>All of them live in one process. Each is given its number of threads by its own means, keeps
 * its operands outside of what is timed, and refuses with a reason what it can't compute.
 */
package dev.lanewise.bench.peer;
