package io.provision.cli;

/** The version of this program, as its package says. */
final class ProgramVersion {
  private ProgramVersion() {}

  static String text() {
    var packaged = ProgramVersion.class.getPackage().getImplementationVersion();
    return packaged == null ? "(not packaged)" : packaged;
  }
}
