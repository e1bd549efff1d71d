package io.provision.console;

import io.provision.console.text.Ink;
import io.provision.console.text.Visible;
import org.jline.utils.WCWidth;

/** Builds one line that is at most so many columns wide; what does not fit is left out. */
final class Cut {
  private final StringBuilder line = new StringBuilder();
  private final Ink ink;
  private int room;

  Cut(int columns, Ink ink) {
    this.room = columns;
    this.ink = ink;
  }

  /** Appends text, made safe to show. */
  Cut add(Ink.Paint paint, String text) {
    var fitting = new StringBuilder();
    var points = Visible.prose(text).codePoints().iterator();
    while (points.hasNext() && room > 0) {
      var point = points.nextInt();
      var width = Math.max(0, WCWidth.wcwidth(point));
      room -= width;
      if (room >= 0) {
        fitting.appendCodePoint(point);
      }
    }
    line.append(ink.paint(paint, fitting.toString()));
    return this;
  }

  Cut add(String text) {
    return add(Ink.Paint.PLAIN, text);
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
