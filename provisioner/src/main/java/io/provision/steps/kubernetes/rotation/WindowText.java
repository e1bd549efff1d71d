package io.provision.steps.kubernetes.rotation;

import io.provision.model.window.Window;
import io.provision.section.Text;

/** A window as it is written in an inventory. */
@Text(kind = "window of time", sample = "Sat,Sun 02:00-05:00 Asia/Seoul")
public record WindowText(String text) {
  static final String FORM = WindowReader.FORM;

  /**
   * @throws IllegalArgumentException where it is not a window, with what there can be
   */
  public WindowText {
    var _ = new WindowReader(text).window();
  }

  Window window() {
    return new WindowReader(text).window();
  }
}
