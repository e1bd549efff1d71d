package io.provision.load;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a key of the inventory is for: editors show it, {@code inventories/schema.json} has it. Only
 * the schema reads it, for an annotation that is read costs a generated class at start-up.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
@interface Key {
  String value();
}
