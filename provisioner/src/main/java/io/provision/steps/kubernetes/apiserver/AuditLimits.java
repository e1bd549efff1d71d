package io.provision.steps.kubernetes.apiserver;

import io.provision.section.Form;
import io.provision.section.Text;

/**
 * How much of the log is kept. To the API server 0 means that nothing is ever deleted, which is a
 * full disk, and is none of the numbers here.
 */
final class AuditLimits {
  private AuditLimits() {}

  /** How long a file is kept. */
  @Text(kind = "whole number of days, 1 to 9999", sample = "30")
  record Days(int value) {
    static final String FORM = "[1-9]\\d{0,3}";
    static final int MIN = 1;
    static final int MAX = 9999;

    static Days parse(String text) {
      return new Days(Form.number(text, MIN, MAX));
    }
  }

  /** How many files are kept besides the one that is written. */
  @Text(kind = "whole number, 1 to 999", sample = "10")
  record Backups(int value) {
    static final String FORM = "[1-9]\\d{0,2}";
    static final int MIN = 1;
    static final int MAX = 999;

    static Backups parse(String text) {
      return new Backups(Form.number(text, MIN, MAX));
    }
  }

  /** How large a file becomes. */
  @Text(kind = "whole number of megabytes, 1 to 9999", sample = "100")
  record Megabytes(int value) {
    static final String FORM = "[1-9]\\d{0,3}";
    static final int MIN = 1;
    static final int MAX = 9999;

    static Megabytes parse(String text) {
      return new Megabytes(Form.number(text, MIN, MAX));
    }
  }
}
