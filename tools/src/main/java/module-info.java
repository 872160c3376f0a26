/** The {@code lanewise} command line. */
module dev.lanewise.tools {
  requires dev.lanewise.models;
  requires dev.lanewise.verify;
  requires com.google.gson;
  requires info.picocli;
  requires java.desktop;
  requires java.management;
  requires jdk.management;

  opens dev.lanewise.tools to
      info.picocli;
}
