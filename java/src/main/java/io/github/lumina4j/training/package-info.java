/**
 * Training: fine-tuning of the transformer, whole or by adapters, and of the image tokenizer. A job
 * is a value that says what to train on and how; {@code run} trains on the calling thread and may
 * be called again, in the same process or another, to go on where it stopped.
 *
 * <p>A run has a folder: {@code log.jsonl} (one object per update), {@code step-00000500} and so on
 * (checkpoints, complete models), {@code final} (the model at the end) and {@code curves.png}.
 */
package io.github.lumina4j.training;
