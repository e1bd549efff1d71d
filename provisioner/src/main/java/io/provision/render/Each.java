package io.provision.render;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Function;

/**
 * A list whose elements are made when a template reads them, and each time that it does: what a
 * thousand hosts may see of a thousand hosts costs nothing where they do not look.
 */
public final class Each<S, T> extends AbstractList<T> implements RandomAccess {
  private final List<S> from;
  private final Function<? super S, ? extends T> making;

  public Each(List<S> from, Function<? super S, ? extends T> making) {
    this.from = from;
    this.making = making;
  }

  @Override
  public T get(int index) {
    return making.apply(from.get(index));
  }

  @Override
  public int size() {
    return from.size();
  }
}
