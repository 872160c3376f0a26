/** The surveyed architectures and their weights. */
module dev.lanewise.models {
  requires transitive dev.lanewise.nn;

  exports dev.lanewise.models;
}
