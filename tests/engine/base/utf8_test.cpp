#include "base/utf8.h"

#include <QTest>

#include "base/base64.h"
#include "support/test_registry.h"

using namespace streamscope;

class Utf8Test : public QObject {
  Q_OBJECT
 private slots:
  void wellFormedTextIsKnown() {
    for (const char* text : {"", "plain", "gr\xc3\xbc\xc3\x9f", "\xe2\x82\xac", "\xf0\x9f\x90\x98", "\x7f\x01"})
      QVERIFY2(base::isUtf8(text), text);
    // Alone, cut, overlong, surrogate, beyond Unicode.
    for (const char* text :
         {"\xff", "\x80", "\xe2\x82", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"})
      QVERIFY2(!base::isUtf8(text), base::toHex(base::asBytes(text)).c_str());
    QVERIFY(base::isUtf8(std::string_view("a\0b", 3)));
  }

  void sequencesAreMeasured() {
    QCOMPARE(base::utf8SequenceLength("\xe2\x82\xac rest"), size_t{3});
    QCOMPARE(base::utf8SequenceLength("a"), size_t{1});
    QCOMPARE(base::utf8SequenceLength("\xe2"), size_t{0});
  }

  /// As Qt writes it.
  void base64IsThatOfTheRfc() {
    for (int size = 0; size < 70; ++size) {
      base::Bytes bytes;
      for (int i = 0; i < size; ++i) bytes.push_back(static_cast<uint8_t>(i * 37 + size));
      const QByteArray expected = QByteArray(reinterpret_cast<const char*>(bytes.data()), size).toBase64();
      QCOMPARE(QByteArray::fromStdString(base::toBase64(bytes)), expected);
    }
  }
};

STREAMSCOPE_TEST(Utf8Test);
#include "utf8_test.moc"
