package io.provision.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;

/** What stands in for real programs, put into the artifact directory of a lab. */
final class StandIn {
  private StandIn() {}

  /** The program of this name, as of this version: one file, with what it shares with others. */
  static String program(String name, String version) {
    var shared = Checkout.text(Checkout.file("tests/stand-in/cluster"));
    return Checkout.text(Checkout.file("tests/stand-in/" + name))
        .replaceFirst("(?m)^VERSION=.*$", "VERSION=" + version)
        .replaceFirst("(?m)^\\. cluster$", Matcher.quoteReplacement(shared));
  }

  /**
   * A program that can be run.
   *
   * @param place below the artifact directory
   * @return its digest
   */
  static String put(Lab lab, String place, String program) {
    return put(lab.file("artifacts"), place, program);
  }

  static String put(Path artifacts, String place, String program) {
    var file = artifacts.resolve(place);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, program);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest(program.getBytes(StandardCharsets.UTF_8));
  }

  static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
