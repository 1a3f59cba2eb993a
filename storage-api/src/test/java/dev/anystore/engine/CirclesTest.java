package dev.anystore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import org.junit.jupiter.api.Test;

class CirclesTest {
    @Test
    void everyCircleIsNoticedAfterAtMostAFewRounds() {
        for (int before = 0; before < 10; before++) {
            for (int length = 1; length < 10; length++) {
                Circles circles = new Circles("list");
                int lead = before;
                int round = length;
                int most = 4 * (before + length) + 4;
                assertThatThrownBy(() -> {
                            for (int page = 0; page < most; page++) {
                                circles.next("page " + (page < lead ? page : lead + (page - lead) % round));
                            }
                        })
                        .as("%d pages, then %d in a circle", before, length)
                        .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.kind())
                                .isEqualTo(Kind.PROTOCOL));
            }
        }
    }

    @Test
    void pagesThatAllDifferPassAndNoneIsTheEnd() {
        Circles circles = new Circles("list");
        for (int page = 0; page < 10_000; page++) {
            assertThat(circles.next("page " + page)).isEqualTo("page " + page);
        }
        assertThat(circles.next(null)).isNull();
    }
}
