package io.provision.step;

/**
 * A step's line in the list of its area.
 *
 * @param name as playbooks write it
 * @param type the record whose components are its parameters
 * @param doc one sentence for an operator: what the step does
 */
public record StepEntry(String name, Class<? extends Record> type, String doc) {}
