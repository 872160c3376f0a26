/**
 * Facts about the machine's SIMD lanes and the generated micro-kernels.
 *
 * <p>What may enter: code that needs {@code jdk.incubator.vector} to do its work, and the choice
 * between it and the scalar fallback. The micro-kernels come from {@code kernels/src/generator} at
 * build time; only the class of this machine's lane width is ever loaded.
 *
 * <p>All vectors of floats that the library makes are of one species. C2 learns the exact class of
 * a vector at the next call on it: from the caller's own profile, or, where the interpreter alone
 * has profiled the caller, from the one of {@code FloatVector}'s method that all callers share. If
 * two species have passed there, it inlines both and may keep the vector in a box for good: a
 * factor of 10 to 100 in every kernel that is compiled later. With {@code -XX:-TieredCompilation}
 * only the interpreter profiles, so that the tests of allocation find a second species every time.
 *
 * <p>No access of a vector may fail its range check, not even in a kernel that is about to be
 * compiled anew: the failure is counted in {@code Objects.checkIndex}, which all loads and stores
 * share, and C2 then checks each access of every later kernel by itself and out of line. That costs
 * 10 % of the speed, or three quarters where it makes sums spill. Such a failure needs no wrong
 * index: of addresses {@code p} plus constants C2 checks the outermost together with the first,
 * though it stand in a branch that is not taken. {@code -Xlog:deoptimization=debug} shows it.
 *
 * <p>Tiles were chosen by measurement, as fractions of the multiply-add peak probed in the same run
 * (JDK 25, a Zen 4 core, operands in the first two caches):
 *
 * <table>
 * <caption>pixels x vectors</caption>
 * <tr><th>lanes</th><th>tile: fraction of peak</th></tr>
 * <tr><td>16</td><td>14x2: 0.99, 13x2: 0.96, 7x2 to 12x2: 0.94, 4x2: 0.89, 2x2: 0.78;
 *     14x1: 0.70</td></tr>
 * <tr><td>8</td><td>6x2: 0.99, 5x2: 0.95, 4x2: 0.91, 3x2: 0.72; 3x4: 0.37, it spills</td></tr>
 * <tr><td>4</td><td>6x2: 0.99, 5x2: 0.95, 4x2: 0.92, 3x2: 0.73; 3x4: 0.44, it spills</td></tr>
 * </table>
 *
 * <p>{@code verify kernels} measures every generated variant again on the machine at hand.
 */
package dev.lanewise.kernels.simd;
