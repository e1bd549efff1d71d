package io.provision.steps.os.region;

import io.provision.section.Form;
import io.provision.section.Text;
import java.util.regex.Pattern;

/**
 * A locale as {@code LANG} has it, in UTF-8: what programs write in other character sets no other
 * machine can read.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/locale.gen.5.html">locale.gen(5)</a>
 */
@Text(kind = "locale in UTF-8 such as de_DE.UTF-8, or C.UTF-8", sample = "C.UTF-8")
record LocaleName(String value) {
  static final Pattern GRAMMAR =
      Pattern.compile("(C|[a-z]{2,3}(_[A-Z]{2})?)\\.UTF-8(@[a-z]{1,20})?");

  LocaleName {
    Form.required(GRAMMAR, value, "locale: write it in UTF-8, such as de_DE.UTF-8, or C.UTF-8");
  }

  /** As {@code locale -a} names it: {@code de_DE.utf8}. */
  String listed() {
    return value.replace(".UTF-8", ".utf8");
  }

  /** Its line in /etc/locale.gen. */
  String line() {
    return value + " UTF-8";
  }

  @Override
  public String toString() {
    return value;
  }
}
