package tunnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuffersTest {
    private final Buffers buffers = new Buffers();

    @ParameterizedTest
    @CsvSource({"0,4096", "4096,4096", "4097,17408", "17408,17408", "17409,65536", "65536,65536"})
    void theSmallestThatFitsIsTaken(int wanted, int capacity) {
        ByteBuffer buffer = buffers.take(wanted);

        assertThat(buffer.capacity()).isEqualTo(capacity);
        assertThat(buffer.isDirect()).isTrue();
    }

    @Test
    void whatIsGivenBackIsTakenAgainCleared() {
        ByteBuffer buffer = buffers.take(10);
        buffers.give(buffer.putInt(7).limit(20));

        assertThat(buffers.take(10)).isSameAs(buffer);
        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(Buffers.SMALL);
        assertThat(buffers.take(10)).isNotSameAs(buffer);
    }

    @Test
    void theStockIsBounded() {
        List<ByteBuffer> many = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            many.add(buffers.take(Buffers.LARGE));
        }
        many.forEach(buffers::give);
        Set<ByteBuffer> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(many);
        int stocked = 0;
        for (int i = 0; i < 130; i++) {
            stocked += known.contains(buffers.take(Buffers.LARGE)) ? 1 : 0;
        }
        assertThat(stocked).isEqualTo(128);
    }

    @Test
    void whatIsWrittenHoldsASixteenthOfTheHeapInLargeBuffers() {
        Buffers few = new Buffers(256 << 20);
        List<ByteBuffer> taken = new ArrayList<>();
        do {
            taken.add(few.takeToWrite(Buffers.LARGE));
        } while (taken.getLast().capacity() > Buffers.RECORD);
        ByteBuffer last = taken.removeLast();
        assertThat(taken.size() * Buffers.SEALED).isBetween((16 << 20) - Buffers.SEALED, 16 << 20);

        few.giveWritten(last);
        assertThat(few.takeToWrite(Buffers.LARGE).capacity()).isEqualTo(Buffers.RECORD);
        few.giveWritten(taken.removeLast());
        assertThat(few.takeToWrite(Buffers.LARGE).capacity()).isEqualTo(Buffers.SEALED);
    }

    @Test
    void nothingElseIsTakenOrGiven() {
        assertThatThrownBy(() -> buffers.take(Buffers.LARGE + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> buffers.give(ByteBuffer.allocate(5))).isInstanceOf(IllegalArgumentException.class);
    }
}
