#include "base/random.h"

#include <QTest>

#include "support/test_registry.h"

using namespace streamscope;

class RandomTest : public QObject {
  Q_OBJECT
 private slots:
  void sameSeedSameNumbers() {
    base::Random a(42), b(42), c(43);
    bool differs = false;
    for (int i = 0; i < 100; ++i) {
      const uint64_t value = a.next();
      QCOMPARE(value, b.next());
      differs = differs || value != c.next();
    }
    QVERIFY(differs);
  }

  void belowStaysBelowAndReachesEveryValue() {
    base::Random random(1);
    std::vector<int> seen(7, 0);
    for (int i = 0; i < 7000; ++i) {
      const uint64_t value = random.below(7);
      QVERIFY(value < 7);
      ++seen[value];
    }
    for (const int count : seen) QVERIFY(count > 700);
  }

  void betweenCoversItsEnds() {
    base::Random random(2);
    QCOMPARE(random.between(5, 5), int64_t{5});
    for (int i = 0; i < 100; ++i) QVERIFY(random.between(INT64_MIN, INT64_MAX) != 0);
  }

  void forksAreIndependentOfLaterDraws() {
    const base::Random random(9);
    base::Random one = random.fork(1), again = random.fork(1), other = random.fork(2);
    QCOMPARE(one.next(), again.next());
    QVERIFY(one.next() != other.next());
  }
};

STREAMSCOPE_TEST(RandomTest);
#include "random_test.moc"
