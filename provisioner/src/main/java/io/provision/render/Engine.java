package io.provision.render;

import freemarker.cache.ClassTemplateLoader;
import freemarker.cache.FileTemplateLoader;
import freemarker.cache.TemplateLoader;
import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** FreeMarker, with nothing switched on that a template could do harm with. */
final class Engine {
  private static final int LIMIT = 5 << 20;

  /**
   * Of the user's directories. A file is read once in a process, so that all hosts are given the
   * same, and what was planned is what is done.
   */
  private static final Map<Path, Configuration> OTHERS = new ConcurrentHashMap<>();

  private Engine() {}

  static String render(TemplateName template, Map<String, Object> model) {
    try {
      var out = new LimitedWriter();
      configuration(template).getTemplate(template.name()).process(model, out);
      return out.text.toString();
    } catch (FileNotFoundException e) {
      throw new RenderException("there is no template %s".formatted(template), e);
    } catch (ParseException e) {
      throw new RenderException(
          "%s:%d: %s".formatted(template, e.getLineNumber(), first(e.getEditorMessage())), null);
    } catch (TemplateException e) {
      throw new RenderException(
          "%s:%d: %s".formatted(template, e.getLineNumber(), first(e.getMessageWithoutStackTop())),
          null);
    } catch (IOException | SecurityException e) {
      throw new RenderException("%s: %s".formatted(template, e.getMessage()), e);
    }
  }

  private static String first(@org.jspecify.annotations.Nullable String message) {
    return message == null
        ? "it fails"
        : message.lines().limit(2).collect(java.util.stream.Collectors.joining(" "));
  }

  private static Configuration configuration(TemplateName template) throws IOException {
    if (template.directory().isEmpty()) {
      return Own.CONFIGURATION;
    }
    var directory = template.directory().get();
    var known = OTHERS.get(directory);
    if (known != null) {
      return known;
    }
    var made = configured(loader(directory));
    OTHERS.put(directory, made);
    return made;
  }

  /** A loader that follows no link out of the directory. */
  private static TemplateLoader loader(Path directory) throws IOException {
    return new FileTemplateLoader(directory.toRealPath().toFile(), false);
  }

  private static Configuration configured(TemplateLoader loader) {
    var configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setTemplateLoader(loader);
    configuration.setDefaultEncoding("UTF-8");
    configuration.setTemplateUpdateDelayMilliseconds(Long.MAX_VALUE);
    configuration.setLocale(Locale.ROOT);
    configuration.setLocalizedLookup(false);
    configuration.setNumberFormat("computer");
    configuration.setBooleanFormat("c");
    configuration.setObjectWrapper(new SimpleObjectWrapper(Configuration.VERSION_2_3_34));
    configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    configuration.setAPIBuiltinEnabled(false);
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    configuration.setWrapUncheckedExceptions(true);
    configuration.setInterpolationSyntax(Configuration.DOLLAR_INTERPOLATION_SYNTAX);
    return configuration;
  }

  /** The configuration of the program's own templates, made when the first is rendered. */
  private static final class Own {
    static final Configuration CONFIGURATION =
        configured(new ClassTemplateLoader(Engine.class.getClassLoader(), "templates"));
  }

  /** Ends a template that does not end. */
  private static final class LimitedWriter extends Writer {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] chars, int offset, int length) throws IOException {
      if (text.length() + length > LIMIT) {
        throw new IOException("it writes more than 5 MiB");
      }
      text.append(chars, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
