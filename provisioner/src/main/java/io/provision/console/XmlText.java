package io.provision.console;

import io.provision.console.text.Visible;

/** Text as XML may hold it. */
final class XmlText {
  private XmlText() {}

  /** XML 1.0 has no place for control characters, nor for U+FFFE and U+FFFF. */
  static String clean(String text) {
    return Visible.fileLine(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff");
  }
}
