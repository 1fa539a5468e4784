package tunnel.cli;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads an option's value by a function that throws `IllegalArgumentException` with a sentence for the user.
public abstract class Parsing<T> implements ITypeConverter<T> {
    private final Function<String, T> parse;

    protected Parsing(Function<String, T> parse) {
        this.parse = parse;
    }

    @Override
    public final T convert(String text) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
