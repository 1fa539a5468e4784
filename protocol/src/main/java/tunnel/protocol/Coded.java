package tunnel.protocol;

/// An enum with a number on the wire.
interface Coded {
    /// 0 to 0xFFFF.
    int code();

    /// The constant with that number, or the first one, which stands for all that are not known.
    static <E extends Enum<E> & Coded> E of(Class<E> type, int code) {
        E[] all = type.getEnumConstants();
        for (E one : all) {
            if (one.code() == code) {
                return one;
            }
        }
        return all[0];
    }
}
