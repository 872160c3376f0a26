/**
 * The libraries that are timed against each other, each behind {@link
 * dev.lanewise.bench.peer.Peer}: Lanewise itself, and the native ones, which stand in {@code
 * src/peers} and are compiled only with the Maven profile {@code peers}. A class here prepares one
 * library's convolution and runs it; it measures nothing and prints nothing.
 */
package dev.lanewise.bench.peer;
