package tunnel.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tunnel.protocol.Bytes;
import tunnel.protocol.Frame.Init;
import tunnel.protocol.Options;
import tunnel.protocol.Proofs;
import tunnel.protocol.Token;
import tunnel.server.registry.PortRange;
import tunnel.server.registry.Rights;

class TokenStoreTest {
    private static final Instant START = Instant.parse("2026-11-24T03:25:31Z");
    private static final Rights SHOP = new Rights(
            List.of("shop", "shop-*"), List.of("*.example.org"), List.of(new PortRange(20000, 20010)));

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicReference<String> saved = new AtomicReference<>("");
    private final Token token = Token.random();

    private TokenStore store() {
        return TokenStore.read(saved.get(), saved::set, now::get);
    }

    private String line(String behindTheKeys) {
        return token.id().hex() + " " + token.storedKey().key().hex() + " " + behindTheKeys;
    }

    private static Init init(Token token, Bytes binding) {
        return Proofs.init(token, binding, Bytes.random(32), Options.NONE);
    }

    @Test
    void aTokenIsOneLineWithWhichNobodyCanLogIn() throws Exception {
        store().add("shop", token, SHOP, START.plus(Duration.ofDays(30)));

        assertThat(saved.get())
                .isEqualTo(line("shop created=2026-11-24T03:25:31Z names=shop,shop-* hosts=*.example.org"
                                + " ports=20000-20010 expires=2026-12-24T03:25:31Z\n"))
                .doesNotContain(token.text(), token.secret().hex());
    }

    @Test
    void whatWasSavedIsReadAgain() throws Exception {
        store().add("shop", token, SHOP, START.plus(Duration.ofDays(30)));
        store().add("plain", Token.random(), Rights.NONE, null);
        String before = saved.get();

        assertThat(store().all()).extracting(NamedToken::name).containsExactly("shop", "plain");
        assertThat(store().rights(token.id())).isEqualTo(SHOP);
        store().revoke("plain");
        assertThat(saved.get() + before.lines().skip(1).findFirst().orElseThrow() + "\n").isEqualTo(before);
    }

    @Test
    void whatAnotherServerHasRevokedIsGoneAndWhatItHasAddedIsThere() throws Exception {
        TokenStore store = store();
        Token kept = Token.random();
        Token added = Token.random();
        store.add("shop", token, SHOP, null);
        store.add("kept", kept, SHOP, null);
        TokenStore other = store();
        other.revoke("shop");
        other.add("added", added, SHOP, null);

        assertThat(store.reload(saved.get())).containsExactly(token.id());
        assertThat(store.standing(token.id())).isEqualTo(Standing.REVOKED);
        assertThat(store.standing(kept.id())).isEqualTo(Standing.GOOD);
        assertThat(store.standing(added.id())).isEqualTo(Standing.GOOD);
        assertThatThrownBy(() -> store.reload("none")).isInstanceOf(IllegalArgumentException.class);
        assertThat(store.standing(kept.id())).isEqualTo(Standing.GOOD);
    }

    @Test
    void theFirstOneOfAnOlderFileCanDoAllAndOthersNothing() {
        saved.set("\n" + line("first\n"));
        assertThat(store().rights(token.id())).isEqualTo(Rights.ALL);
        assertThat(store().all().getFirst().created()).isNull();

        saved.set(line("other\n"));
        assertThat(store().rights(token.id())).isEqualTo(Rights.NONE);
        saved.set(line("first created=2026-11-24T03:25:31Z"));
        assertThat(store().rights(token.id())).isEqualTo(Rights.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock = """
                    shop paths=/x | 'paths' is not a field that this version knows
                    shop readonly | 'readonly' is not a field that this version knows
                    shop names=a names=b | 'names' stands there twice
                    shop names= | '' is not a name or a pattern of names: write it as in shop or shop-*
                    shop ports=9-5 | '9-5' is not a range of ports: write FIRST-LAST, as in 20000-20999
                    shop expires=soon | 'soon' is not a time, as in 2026-11-24T03:25:31Z
                    Shop | 'Shop' is not a token's name: write up to 63 small letters a to z, digits and hyphens, with no hyphen first
                    "" | it is not 'ID KEY NAME' and fields
                    """)
    void aLineThatIsNotUnderstoodIsNamed(String rest, String why) {
        saved.set("\n" + line(rest) + "\n");
        assertThatThrownBy(this::store).isInstanceOf(IllegalArgumentException.class).hasMessage("line 2: " + why);
    }

    @Test
    void keysOfAnotherLengthAreNone() {
        saved.set(token.id().hex() + " " + token.id().hex() + " shop");
        assertThatThrownBy(this::store).hasMessage("line 1: it is not 'ID KEY NAME' and fields");
    }

    @Test
    void aNameAndAKeyAreThereOnce() throws Exception {
        TokenStore store = store();
        store.add("shop", token, SHOP, null);
        assertThatThrownBy(() -> store.add("shop", Token.random(), SHOP, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is a token shop already");

        saved.set(saved.get() + line("again"));
        assertThatThrownBy(this::store).hasMessage("line 2: the token again stands there twice");
    }

    @Test
    void theFirstTokenGetsAnotherNameWhereItsNameIsTaken() throws Exception {
        TokenStore store = store();
        store.addFirst(token);
        store.addFirst(Token.random());

        assertThat(store.all()).extracting(NamedToken::name).containsExactly("first", "first-2");
        assertThat(store.rights(token.id())).isEqualTo(Rights.ALL);
    }

    @Test
    void aProofIsAcceptedOfWhoHoldsAKnownTokenAlone() throws Exception {
        TokenStore store = store();
        store.add("shop", token, SHOP, null);
        Bytes binding = Bytes.random(32);

        NamedToken verified = store.verify(init(token, binding), binding);
        assertThat(verified).isNotNull().extracting(NamedToken::name).isEqualTo("shop");
        assertThat(store.verify(init(token, binding), Bytes.random(32))).isNull();
        assertThat(store.verify(init(Token.random(), binding), binding)).isNull();
        store.revoke("shop");
        assertThat(store.verify(init(token, binding), binding)).isNull();
    }

    @Test
    void aTokenIsGoodUpToTheMomentInWhichItExpires() throws Exception {
        TokenStore store = store();
        store.add("shop", token, SHOP, START.plusSeconds(60));
        assertThat(store.standing(token.id())).isEqualTo(Standing.GOOD);
        now.set(START.plusSeconds(59));
        assertThat(store.rights(token.id())).isEqualTo(SHOP);

        now.set(START.plusSeconds(60));
        assertThat(store.standing(token.id())).isEqualTo(Standing.EXPIRED);
        assertThat(store.rights(token.id())).isEqualTo(Rights.NONE);
        Bytes binding = Bytes.random(32);
        assertThat(store.verify(init(token, binding), binding)).as("who proves to hold it is told").isNotNull();
    }

    @Test
    void oneThatWouldHaveExpiredIsNotAdded() {
        assertThatThrownBy(() -> store().add("shop", token, SHOP, START))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the token shop would have expired already, at 2026-11-24T03:25:31Z");
    }

    @Test
    void aRevokedTokenHasNoRightsAndOneThatIsNotThereCannotBeRevoked() throws Exception {
        TokenStore store = store();
        store.add("shop", token, SHOP, null);
        assertThat(store.revoke("shop").key().id()).isEqualTo(token.id());

        assertThat(saved.get()).isEmpty();
        assertThat(store.standing(token.id())).isEqualTo(Standing.REVOKED);
        assertThat(store.rights(token.id())).isEqualTo(Rights.NONE);
        assertThatThrownBy(() -> store.revoke("shop"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no token shop. See which there are: tunnel-server token list");
    }

    @Test
    void whatCannotBeSavedDoesNotHappen() throws Exception {
        store().add("shop", token, SHOP, null);
        TokenStore full = TokenStore.read(
                saved.get(),
                _ -> {
                    throw new IOException("no space");
                },
                now::get);

        assertThatThrownBy(() -> full.revoke("shop")).hasMessage("no space");
        assertThatThrownBy(() -> full.add("other", Token.random(), SHOP, null)).hasMessage("no space");
        assertThat(full.all()).extracting(NamedToken::name).containsExactly("shop");
        assertThat(full.standing(token.id())).isEqualTo(Standing.GOOD);
    }
}
