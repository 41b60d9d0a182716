/** lumina4j as an image model of LangChain4j. */
package io.github.lumina4j.langchain4j;
