package io.provision.cli.run;

/** The version of this program, as its package says. */
public final class ProgramVersion {
  private ProgramVersion() {}

  public static String text() {
    var packaged = ProgramVersion.class.getPackage().getImplementationVersion();
    return packaged == null ? "(not packaged)" : packaged;
  }
}
