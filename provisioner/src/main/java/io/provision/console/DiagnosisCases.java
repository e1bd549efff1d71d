package io.provision.console;

import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** What a doctor examined, as JUnit XML: errors are failures, and all else is output. */
final class DiagnosisCases {
  private DiagnosisCases() {}

  static void write(XMLStreamWriter xml, List<Examined> all) throws XMLStreamException {
    var suites = new TreeMap<String, Map<String, List<Diagnosis>>>();
    for (var one : all) {
      suites
          .computeIfAbsent(one.of(), _ -> new TreeMap<>())
          .computeIfAbsent(one.examination(), _ -> new ArrayList<>())
          .addAll(one.found());
    }
    for (var suite : suites.entrySet()) {
      var cases = suite.getValue();
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", suite.getKey());
      xml.writeAttribute("tests", Integer.toString(cases.size()));
      xml.writeAttribute(
          "failures",
          Long.toString(cases.values().stream().filter(DiagnosisCases::hasErrors).count()));
      for (var one : cases.entrySet()) {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", suite.getKey());
        xml.writeAttribute("name", XmlText.clean(one.getKey()));
        found(xml, one.getValue());
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
  }

  private static boolean hasErrors(List<Diagnosis> found) {
    return found.stream().anyMatch(it -> it.severity() == Diagnosis.Severity.ERROR);
  }

  private static void found(XMLStreamWriter xml, List<Diagnosis> found) throws XMLStreamException {
    var others = new ArrayList<String>();
    for (var one : found) {
      if (one.severity() == Diagnosis.Severity.ERROR) {
        xml.writeStartElement("failure");
        xml.writeAttribute("message", XmlText.clean(one.evidence()));
        xml.writeCharacters(XmlText.clean(one.remedy()));
        xml.writeEndElement();
      } else {
        others.add(XmlText.clean(one.evidence()) + "\n" + XmlText.clean(one.remedy()));
      }
    }
    if (!others.isEmpty()) {
      xml.writeStartElement("system-out");
      xml.writeCharacters(String.join("\n", others));
      xml.writeEndElement();
    }
  }
}
