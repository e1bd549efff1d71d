package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.text.ChangeText;
import io.provision.console.text.Ink;
import io.provision.console.text.PlanText;
import io.provision.console.text.SummaryText;
import io.provision.console.text.Visible;
import io.provision.engine.event.RunEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a host says, a terminal does not act on it. */
class NeutralProperties {
  private static final Ink INK = Ink.NONE;

  @Provide
  Arbitrary<String> hostile() {
    var snippets =
        Arbitraries.of(
            "\033[2J",
            "\033]0;owned\007",
            "\u009b31m",
            "\u202e",
            "\r",
            "\b\b",
            "\u0000",
            "\ud800",
            "\u2028",
            "a\nb",
            "\t",
            "é",
            "漢",
            "\u200b",
            "plain");
    var noise = Arbitraries.strings().ofMaxLength(20);
    return Combinators.combine(snippets, noise, snippets).as((a, b, c) -> a + b + c);
  }

  @Property(tries = 300)
  void everyViewShowsHostileTextHarmlessly(@ForAll("hostile") String text) {
    var tale = Tale.everywhere(text);

    for (var line : shownByAllViews(tale)) {
      assertThat(line.codePoints().filter(NeutralProperties::isDangerous).toArray())
          .as(line)
          .isEmpty();
    }
  }

  @Property(tries = 300)
  void theFileForJunitHoldsOnlyWhatXmlAllows(@ForAll("hostile") String text) throws Exception {
    var view = new JunitView(Path.of("unused.xml"));
    var tale = Tale.everywhere(text);
    tale.events().forEach(event -> view.on(event, Tale.NOON));

    var xml = view.xml(Optional.of(tale.report()), 1);

    var builder =
        javax.xml.parsers.DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    var parsed = builder.parse(new org.xml.sax.InputSource(new java.io.StringReader(xml)));
    assertThat(parsed.getElementsByTagName("testcase").getLength()).isEqualTo(6);
  }

  /** The control: the check would notice if a view let such text through. */
  @Property(tries = 20)
  void theCheckSeesWhatIsDangerous(@ForAll("hostile") String text) {
    var hostile = "\033[2J" + text;
    assertThat(hostile.codePoints().anyMatch(NeutralProperties::isDangerous)).isTrue();
    assertThat(Visible.line(hostile).codePoints().anyMatch(NeutralProperties::isDangerous))
        .isFalse();
  }

  private static List<String> shownByAllViews(Tale tale) {
    var lines = new ArrayList<String>();
    var out = new StringWriter();
    var plain = new PlainView(new PrintWriter(out), Page.ENDLESS, INK, true);
    var json = new JsonView(new JsonLines(new PrintWriter(out)));
    var state = new LiveState();
    for (RunEvent event : tale.events()) {
      plain.on(event, Tale.NOON);
      plain.pause(Tale.NOON);
      json.on(event, Tale.NOON);
      json.pause(Tale.NOON);
      state.on(event, Tale.NOON);
      lines.addAll(new LiveFrame(24, 80, INK).lines(state, Tale.NOON));
    }
    lines.addAll(List.of(out.toString().split("\n", -1)));
    lines.addAll(new PlanText(INK, ChangeText.of(INK, true)).lines(tale.story()));
    lines.addAll(new SummaryText(INK, true).lines(tale.story(), tale.report()));
    return lines;
  }

  /** Control and format characters, and line breaks that are none of ours; tabs are harmless. */
  private static boolean isDangerous(int point) {
    var type = Character.getType(point);
    return point != '\t'
        && (type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.SURROGATE
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR);
  }
}
