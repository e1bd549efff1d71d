package io.provision.steps.kubernetes.rotation;

import io.provision.section.Form;
import io.provision.section.Text;

/** How many nodes; a share of them is none. */
@Text(kind = "whole number from 1 to 999", sample = "2")
record NodeCount(int value) {
  static final int MIN = 1;
  static final int MAX = 999;
  static final String FORM = "[1-9]\\d{0,2}";

  static NodeCount parse(String text) {
    return new NodeCount(Form.number(text, MIN, MAX));
  }
}
