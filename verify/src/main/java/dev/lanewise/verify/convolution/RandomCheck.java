package dev.lanewise.verify.convolution;

/** Checks of one kind on random problems. */
@FunctionalInterface
public interface RandomCheck {

  /** Checks one problem, which follows from the setting's seed and the case's number alone. */
  void run(int index);
}
