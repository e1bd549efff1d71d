package io.provision.steps.cni;

import io.provision.section.Form;
import io.provision.section.Text;

/** How large a packet may be, in bytes: from what IPv6 wants (RFC 8200) to a jumbo frame. */
@Text(kind = "whole number, 1280 to 9216", sample = "1450")
record PacketSize(int value) {
  static final int MIN = 1280;
  static final int MAX = 9216;
  static final String FORM = "12[89]\\d|1[3-9]\\d\\d|[2-8]\\d{3}|9[01]\\d\\d|92(0\\d|1[0-6])";

  static PacketSize parse(String text) {
    return new PacketSize(Form.number(text, MIN, MAX));
  }
}
