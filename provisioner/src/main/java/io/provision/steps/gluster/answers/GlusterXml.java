package io.provision.steps.gluster.answers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * One answer of {@code gluster --xml}, or one element of it. Without document types, external
 * entities and deep nesting. Source of the shapes: answers of GlusterFS 10.3, which the tests hold;
 * the code that prints them is the same in 11.1.
 */
public record GlusterXml(Element element) {
  private static final int MOST_BYTES = 8 << 20;
  private static final String MOST_DEPTH = "32";

  /** Something that the answer should have and has not. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /** Reads a whole answer; any text gives a reading, and one that says it failed is unknown. */
  static <T> Reading<T> read(String answer, Function<GlusterXml, T> reader) {
    try {
      var root = new GlusterXml(parse(answer));
      var code = root.text("opRet");
      if (!code.equals("0")) {
        var said = root.find("opErrstr").map(GlusterXml::own).orElse("");
        return new Reading.Unknown<>(said.isBlank() ? "opRet is " + code : oneLine(said));
      }
      return new Reading.Of<>(reader.apply(root));
    } catch (Malformed e) {
      return new Reading.Unknown<>(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) { // the parser's own, on bytes that nobody foresaw
      return new Reading.Unknown<>("the answer cannot be read: " + e);
    }
  }

  private static Element parse(String answer) {
    if (answer.length() > MOST_BYTES) {
      throw new Malformed("the answer has more than 8 MiB");
    }
    try {
      var bytes = new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8));
      var root = builder().parse(bytes).getDocumentElement();
      if (root == null || !root.getTagName().equals("cliOutput")) {
        throw new Malformed("the answer is not a cliOutput");
      }
      return root;
    } catch (SAXException | IOException e) {
      throw new Malformed(answer.isBlank() ? "no answer" : "no XML: " + oneLine(answer));
    }
  }

  private static DocumentBuilder builder() {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setAttribute("jdk.xml.maxElementDepth", MOST_DEPTH);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      return builder;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's own XML parser", e);
    }
  }

  /** At most 200 characters, without control characters. */
  public static String oneLine(String text) {
    var line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
    return line.length() > 200 ? line.substring(0, 200) + "..." : line;
  }

  /** The direct children of this name. */
  List<GlusterXml> all(String name) {
    var all = new ArrayList<GlusterXml>();
    for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child && child.getTagName().equals(name)) {
        all.add(new GlusterXml(child));
      }
    }
    return all;
  }

  Optional<GlusterXml> find(String name) {
    return all(name).stream().findFirst();
  }

  GlusterXml one(String name) {
    return find(name)
        .orElseThrow(() ->
            new Malformed("the answer has no '%s' in '%s'".formatted(name, element.getTagName())));
  }

  String text(String name) {
    return one(name).own();
  }

  /** What stands in this element, without surrounding blanks. */
  String own() {
    return element.getTextContent().strip();
  }

  /** An attribute of this element; empty without it. */
  String attribute(String name) {
    return element.getAttribute(name);
  }

  /** A whole number of at most nine digits; anything else, also "-" and "N/A", is malformed. */
  int number(String name) {
    var text = text(name);
    if (!text.matches("-?[0-9]{1,9}")) {
      throw new Malformed("'%s' is '%s', not a number".formatted(name, oneLine(text)));
    }
    return Integer.parseInt(text);
  }

  /** The number, or empty where there is none: missing is not zero. */
  Optional<Integer> numberIfThere(String name) {
    return find(name)
        .map(GlusterXml::own)
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(Integer::valueOf);
  }
}
