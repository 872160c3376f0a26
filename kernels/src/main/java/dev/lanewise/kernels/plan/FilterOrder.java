package dev.lanewise.kernels.plan;

/** Puts the values of a filter in the order in which an algorithm packs them. */
@FunctionalInterface
public interface FilterOrder {

  /**
   * Does one worker's share.
   *
   * @param filter as the caller keeps it, or an array of which that is the beginning
   * @param arranged {@code [outChannels][inChannels / groups][kernel...]}, overwritten
   */
  void arrange(float[] filter, float[] arranged, int worker, int workers);
}
