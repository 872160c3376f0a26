package dev.lanewise.nn.data;

/** The two parts of a data set. */
public enum Split {
  /** What is trained on. */
  TRAIN,
  /** What is tested with. */
  TEST
}
