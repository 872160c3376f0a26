package dev.lanewise.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/**
 * GNU's OpenMP runtime, which oneDNN and ND4J share: whichever of them is loaded first brings it.
 * PyTorch has another of its own.
 */
final class OpenMp {

  /** Opened by this name, the loader gives the one that is there already. */
  private static final String LIBRARY = "libgomp.so.1";

  private OpenMp() {}

  /**
   * Sets the number of threads that this thread's parallel regions get. The environment variable
   * OMP_NUM_THREADS would have to be there before the process starts.
   */
  @SuppressWarnings("restricted")
  static void setThreads(int threads) {
    var function =
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.libraryLookup(LIBRARY, Arena.global())
                    .findOrThrow("omp_set_num_threads"),
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    try {
      function.invokeExact(threads);
    } catch (Throwable e) {
      throw new IllegalStateException("omp_set_num_threads failed", e);
    }
  }
}
