package io.provision.steps.power;

import io.provision.section.Form;
import io.provision.section.Text;

/** A UDP port. */
@Text(kind = "port, 1 to 65535", sample = "6230")
record ControllerPort(int value) {
  static final String FORM =
      "[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5]";
  static final int MIN = 1;
  static final int MAX = 65535;

  static ControllerPort parse(String text) {
    return new ControllerPort(Form.number(text, MIN, MAX));
  }
}
