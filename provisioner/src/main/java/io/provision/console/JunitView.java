package io.provision.console;

import io.provision.console.text.Names;
import io.provision.console.text.OutcomeWords;
import io.provision.console.text.View;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.TargetName;
import io.provision.files.OutputFile;
import io.provision.step.doctor.Examined;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Keeps every verdict and writes them as JUnit XML: a suite for each target, a case a step. */
final class JunitView implements View {
  private record Case(String name, String place, Outcome outcome, Duration took) {}

  private final TreeMap<TargetName, List<Case>> suites = new TreeMap<>(Names::naturally);
  private final List<Examined> examined = new ArrayList<>();
  private final Path file;

  JunitView(Path file) {
    this.file = file;
  }

  @Override
  public void on(RunEvent event, Instant at) {
    switch (event) {
      case RunEvent.StepFinished(var target, var step, var outcome, var took) ->
          add(target, new Case(step.name(), step.position().toString(), outcome, took));
      case RunEvent.TargetFailed(var target, var outcome) ->
          add(target, new Case("(host)", "", outcome, Duration.ZERO));
      default -> {}
    }
  }

  private void add(TargetName target, Case added) {
    suites.computeIfAbsent(target, _ -> new ArrayList<>()).add(added);
  }

  /** A suite for each host, a case for each examination, which errors fail. */
  void examined(List<Examined> all) {
    examined.addAll(all);
  }

  /** Writes the file; answers with the problem if that is not possible. */
  Optional<Problem> write(Optional<Report> report, int exit) {
    try {
      var xml = xml(report, exit).getBytes(StandardCharsets.UTF_8);
      OutputFile.write(file, xml, "rw-r--r--");
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          Problem.error(
              file.toString(),
              "the JUnit file cannot be written (%s). Choose another place for --junit"
                  .formatted(e.getMessage())));
    }
  }

  String xml(Optional<Report> report, int exit) {
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      xml.writeAttribute("name", "provision");
      if (report.isPresent()) {
        xml.writeAttribute("time", seconds(report.get().took()));
      } else if (examined.isEmpty()) {
        refused(xml, exit);
      }
      DiagnosisCases.write(xml, examined);
      for (var suite : suites.entrySet()) {
        suite(xml, suite.getKey(), suite.getValue());
      }
      xml.writeEndElement();
      xml.writeCharacters("\n");
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }

  private static void refused(XMLStreamWriter xml, int exit) throws XMLStreamException {
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", "input");
    xml.writeAttribute("tests", "1");
    xml.writeAttribute("errors", exit == 0 ? "0" : "1");
    xml.writeStartElement("testcase");
    xml.writeAttribute("name", "accepted");
    if (exit != 0) {
      xml.writeEmptyElement("error");
      xml.writeAttribute("message", "no run was started (exit code %d)".formatted(exit));
    }
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private static void suite(XMLStreamWriter xml, TargetName target, List<Case> cases)
      throws XMLStreamException {
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", target.toString());
    xml.writeAttribute("tests", Integer.toString(cases.size()));
    xml.writeAttribute("failures", count(cases, Outcome.Failed.class));
    xml.writeAttribute(
        "errors",
        Long.toString(
            cases.stream()
                .filter(c ->
                    c.outcome() instanceof Outcome.Unreachable
                        || c.outcome() instanceof Outcome.Lost)
                .count()));
    xml.writeAttribute("skipped", count(cases, Outcome.Skipped.class));
    for (var one : cases) {
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", target.toString());
      xml.writeAttribute("name", XmlText.clean(one.name()));
      xml.writeAttribute("file", XmlText.clean(one.place()));
      xml.writeAttribute("time", seconds(one.took()));
      outcome(xml, one.outcome());
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static void outcome(XMLStreamWriter xml, Outcome outcome) throws XMLStreamException {
    switch (outcome) {
      case Outcome.Failed(var failure) -> failure(xml, "failure", failure);
      case Outcome.Unreachable(var failure) -> failure(xml, "error", failure);
      case Outcome.Lost(var failure) -> failure(xml, "error", failure);
      case Outcome.Skipped(var reason) -> {
        xml.writeEmptyElement("skipped");
        xml.writeAttribute("message", XmlText.clean(reason));
      }
      case Outcome.Leaving(var left) -> {
        xml.writeStartElement("system-out");
        for (var one : left) {
          xml.writeCharacters(XmlText.clean(one.toString()) + "\n");
        }
        xml.writeEndElement();
      }
      case Outcome.Ok _, Outcome.Changed _, Outcome.WouldChange _, Outcome.Pending _ -> {
        xml.writeStartElement("system-out");
        xml.writeCharacters(OutcomeWords.of(outcome));
        xml.writeEndElement();
      }
    }
  }

  private static void failure(XMLStreamWriter xml, String element, Failure failure)
      throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("message", XmlText.clean(failure.what()));
    var lines = new ArrayList<String>(failure.lines());
    lines.add(failure.remedy());
    xml.writeCharacters(String.join("\n", lines.stream().map(XmlText::clean).toList()));
    xml.writeEndElement();
  }

  private static String count(List<Case> cases, Class<? extends Outcome> kind) {
    return Long.toString(cases.stream().filter(c -> kind.isInstance(c.outcome())).count());
  }

  private static String seconds(Duration took) {
    return "%d.%03d".formatted(took.toSeconds(), took.toMillisPart());
  }
}
