package io.provision.step.doctor;

/**
 * One thing that is wrong with a host, or will be.
 *
 * @param evidence what was seen, for a line that begins with the name of the host
 * @param remedy what mends it, as far as possible a command
 */
public record Diagnosis(Severity severity, String evidence, String remedy) {

  /** How bad it is. */
  public enum Severity {
    /** An apply would fail, or what it makes would not work. */
    ERROR,
    /** It works, until some day it does not. */
    WARNING,
    /** Worth knowing: an apply mends it, or it is somebody's choice. */
    NOTE
  }

  public static Diagnosis error(String evidence, String remedy) {
    return new Diagnosis(Severity.ERROR, evidence, remedy);
  }

  public static Diagnosis warning(String evidence, String remedy) {
    return new Diagnosis(Severity.WARNING, evidence, remedy);
  }

  public static Diagnosis note(String evidence, String remedy) {
    return new Diagnosis(Severity.NOTE, evidence, remedy);
  }
}
