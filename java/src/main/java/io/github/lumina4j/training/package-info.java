/**
 * Training: fine-tuning of the transformer, whole or by adapters, and of the image tokenizer. A job
 * is a value that says what to train on and how; {@code run} trains on the calling thread and may
 * be called again, in the same process or another, to go on where it stopped.
 *
 * <p>A run has a folder: {@code log.jsonl} (one object per update), {@code step-00000500} and so on
 * (checkpoints, complete models), {@code final} (the model at the end) and {@code curves.png}.
 *
 * <p>Its data: examples, the records of tokens and labels that the trainer reads, and the files
 * they are kept in (docs/spec/model.md 9.1, 9.2).
 *
 * <p>In order of use: {@link io.github.lumina4j.training.ExampleFile} lists the examples of a file,
 * {@link io.github.lumina4j.training.ExampleReader} reads one with its pictures, {@link
 * io.github.lumina4j.training.RecordBuilder} turns it into tokens and labels, {@link
 * io.github.lumina4j.training.RecordShards} keeps them. For training the image tokenizer, {@link
 * io.github.lumina4j.training.PixelShards} keeps the pictures themselves.
 */
package io.github.lumina4j.training;
