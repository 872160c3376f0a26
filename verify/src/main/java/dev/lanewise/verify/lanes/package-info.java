/**
 * Programs that tests start in other JVMs, with narrower lanes or none.
 *
 * <p>What may enter: main classes that use {@code kernels} and this module's data alone, so that
 * they run from the class path too, where the Vector API can be left out.
 */
package dev.lanewise.verify.lanes;
