import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Gives the class files of a library the form of this JDK: {@code java Modern.java LIBRARY.jar}. The start-up cache takes
 * no class file that is older than Java 6 (JEP 483), so a library that was compiled for Java 5 would be read, unpacked and
 * verified at every start. What the classes do stays as it is.
 */
final class Modern {
  private static final int JAVA_6 = 50;

  public static void main(String[] args) throws IOException {
    try (var jar = FileSystems.newFileSystem(Path.of(args[0]))) {
      var file =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(
                          type -> {
                            try {
                              var entry = jar.getPath(type.packageName().replace('.', '/'), type.displayName() + ".class");
                              return Files.exists(entry) ? Files.newInputStream(entry) : null;
                            } catch (IOException e) {
                              throw new java.io.UncheckedIOException(e);
                            }
                          })
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      try (var entries = Files.walk(jar.getPath("/"))) {
        for (var entry : entries.filter(path -> path.toString().endsWith(".class")).toList()) {
          var model = file.parse(Files.readAllBytes(entry));
          if (model.majorVersion() < JAVA_6) {
            Files.write(entry, file.transformClass(model, modern()));
          }
        }
      }
    }
  }

  /** Every method is written anew, with the stack maps that newer class files have. */
  private static ClassTransform modern() {
    return ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
        .andThen(ClassTransform.endHandler(it -> it.withVersion(ClassFile.latestMajorVersion(), 0)));
  }

  private Modern() {}
}
