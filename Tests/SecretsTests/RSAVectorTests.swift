import Testing

@testable import Secrets

/// Signatures of RSA that are right, and such as careless checks take for right.
@Suite("Signatures of RSA")
struct RSAVectorTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let signature: String
    let isRight: Bool
  }

  private static let message = Array("123400".utf8)
  private static let exponent: [UInt8] = [1, 0, 1]
  private static let modulus =
    "xlm6w_s3fRrgqyXA2mIL-t11A-zjcRoseAh7Lq3iCNWL_qHjKheEmXq_rr3XiNqpU-WhPbbRypLa9HbIgk9W8t1v6EzgHU03"
    + "Ew_Js_2GvmRAh-8l_MEKYD6O7hoo9DjJpIXW6JS88wE89mLyPgzx9THrTYi9fxzQi6zmBtuHb7wJqquofFaWF50Vj1r4qoHt"
    + "tThduR9nw0kD4UWoz3esm5WYz7tBioSY58WPnktQF4IHZuV8FJqMid1p0JZGcTEvU-CltofVY-Vxm788EUGKyLofxSztL29R"
    + "FEfgbS7cPVHZ32DOXD5Zm-eI2_9NZiroRjZPaw9DRkryoGZLihkRuQ"

  private static let cases: [Case] = [
    Case(
      testDescription: "right",
      signature: "LRg4UNcT0mLdbJOyBk9M7Pr9JtTyLqWO_VQIegXy-ccM4B5_Z9ZNSmtzBGaMeixNGgfrIFHfngtG4hDN-gp08_a6gxO5BDCA"
        + "HsLfcDevGQsUzupcKMRpREA__KtlovMfqollbes9iAueROOim0RWZUNg3jxS55nPmtOmZIwm8HSFeXjhmIS8NJhkOaFm1I47"
        + "XroT9hmJNl-A1mY3ZP-p7HvLnhZVyT4SZDCEfb1qXxsaK6JrTf0KDycVamLvE2b0Z9GhM-aoeYKEAno1e4MJ436CC8GeLkWf"
        + "M-pUmTRS48xj8hTWrt16CjcRYachzEuTo-eZ4Av0cRCfACoLKkJk_Q",
      isRight: true),
    Case(
      testDescription: "PSS",
      signature: "vrIOXWBMLJxZNfZqmH5_6fLrwHRud2nIwspujQiq4sEumNqDzG9pgd1MzI-_UzmIIXd88orhqkstF3qD0f13mq518NL8zw70"
        + "kqPPpBaH_dgC885hcqDVzrqP3RrzMOsN8v8D8B3xTDcuQhVPmyYwn3S9D248Apqs8kah55zUu1YSDTJcxnS4eWoUyOEz8AnF"
        + "DGQCklOT8r1wATCq9cH6PCTVwohJ9JdzoK9RRuDsDlarJjmYuumwdwNJV2F5gSqaFZWH0b5C0bolNh2x_4lMCZF2nl0vg76h"
        + "3Ugcp4aTo_1lClkUk22ZuSAeUdyXPYLsKjyDfsuvOTbo8bWYNILhRQ",
      isRight: false),
    Case(
      testDescription: "SHA-1",
      signature: "FSTC36BCZOeLZoTC-9r2hGiocLDTGX25V8PkCXOWULCSuGSfQtbyDQr7psIEpRI7HqjIPBS0JNWdcJVNdTrEZH7R6RS1NVYG"
        + "69NLEAbEahvz8R5i38qykIieDa4tCOwDHLp_TjWdM1nO7UlH8B85mZJrqdNHeZuNZN8DYILRrvJND2TGMrydt9hEhUhLWNc0"
        + "GCzw1kRzF5YQBxKDhZ596w8cFUbUxvLkvA4fWomsxkbQDFBbYeAofzj0_GHUhscUWBtAi5Ko_ZigZJ6UenOCtIaxPbjQPeY_"
        + "Eu4gHrzB5O-E9kdDIwnTSlSJEZRWp9vwnsW45l-Wx2a8R1IfuG7pGw",
      isRight: false),
    Case(
      testDescription: "no NULL among the parameters",
      signature: "lLb96g1aPPjpn3lLP0H3IX7_MlYZ_wiJTB11lsE4mWyuuzvuNaN-c44edpKYePScQ95obUdJ6h-2JK4kAilaCppjY_fN21W5"
        + "cGkrGpsPCsAbmSHMLh34om_fZOh57b43QymOToUBwBIZSpa2mLc8NKqYqxmx1hvlo4PK-hr9LSLtfXV5Mi4J2X_fnfmyaJDv"
        + "azujWoyY4_2pdlvQ39JKNAe-ecgxWjBQ-dXE53RiZe0uuF8j3-j2T5i8_wkq7O5w1e7HoYnCK4RIqleTcOLcnjyUD8ga_o1W"
        + "Wh0F3ZXR-3mtmE9KNZPKfrxralC10QUM9XZVs1JPbZsNT4kJf81PoA",
      isRight: false),
    Case(
      testDescription: "bare digest",
      signature: "tE1vPYtKPRJ-I9Y69cb643OIZUWe30beTzcpU_teo2GlQiLy4fzyJT9NSivphLGQB5TE2u3JaVi0nsDe0s_a0A-3UqNH0OmX"
        + "yBoGcK6-bHCxCTg8DPKTXeoQIjCRyfXoNPsRmIKqFPX2ZkZYD9heTQWQ55moLX6pqB-0DbFq-qiNVhODtz_7lqAzs_aUzwNb"
        + "wSRyb0v7reFELxnq8y6faxMbOxVVvbHmBNrd5ouzThKjqVqcPz_Hdow-8byHiCDlUafma986TTLWBbxFCF01x98tqcMo7q78"
        + "SXORz679HRAjruA-4GuY6QMtU7pIDxhOphYkJnarNvGpBb4FQ31wEA",
      isRight: false),
    Case(
      testDescription: "short padding, and bytes after the digest",
      signature: "f1z8Few30OMXwlRZ6AhYNmGkGt9PXfzfKmgJ_Z4UQ43Y8Ll8ArnlZhv293PoJFjQIG3Xd8-WricauNWS1sKuzElNWeuKX85o"
        + "oQkPCjACbSLtl3G7Inwv2r3attazm2OAJ8zTj4lCPqDel_fDeFrIWsHJGKgO5FnGQX8dtNdvXnhxL1uByQjYQ8zGRsmJdVOr"
        + "-KB8t6Ok_EwKIV7Fyfkf-NNAl7e7O0PD-qoS_wZTC-_0nSbHLiKqNc51CJO63JXG1OUKnC_wM-vFw-0YxtwK5aM0HFVJqzmV"
        + "pFpVt6Js7nxfZSENAxEhQOFsZU-syqzB3teQbTlJOowyqDgA9yv-Gw",
      isRight: false),
    Case(
      testDescription: "padding of another byte",
      signature: "drUYvEG_uSioh65qycOEtvyk0bOX3moJxE-fFbLBYBU0neVopbjdh-_0UTq4cCbuikzn6dDD5mlx0csgUY2CvuupcoJ4Op_0"
        + "klAuwIY_FKf0NQwPEY8YQbO0Rn0Gu7AN_HHo2P0H9hlIMnqAQa8hCeRauA59n7lTv5s_PvMq-qP9sfBH7Zx6hVdBebuq-Qoz"
        + "dOdzXBaMzNWe3ztq8YAyck92tsgkLdbxyzGtjmhhvB2e9eowW1TuwCworRYuaqa7qH1kmoKJJJ8K2CQvB5Yd84GvT9UvApEq"
        + "dfal8A15U1nyy77xBpkh17YuIhJPXzMkwWEwhMFLPeup3ccM-vV1xg",
      isRight: false),
    Case(
      testDescription: "block type 2",
      signature: "oztiC5-VlWGWUlxoR5KroRwAY8TGWRXvwFgBcaCLEmUSL1HyFR05UVgRa_GSDAZV4Ud3zHJ9kUtgV3QqoLFTnc6jsq-l6aFp"
        + "6Wljk_AI6sPABLr0YRBOoWUhYaZO4e5UqqEbjAQIPhG_Fq1u0HljBFEUtCil5rerVpij8UNUc4hv4FJCJEXTLoPFh2QEhcSl"
        + "jhPFFPnaffmtJuegMuDGmHGYgk5STS48SSkMkxicLyEwSjo8i_bW_pHgyHMhiDECDBomlVe1JzZdkR3guxQtjTP5DpgBQ1Yk"
        + "SN3Gtmvk_aaAVe0WmD-Xlr5kH4EZjkap7MYYHnD5LyMw4zmUJRO-8A",
      isRight: false),
    Case(
      testDescription: "long form of a length",
      signature: "A8OZoesb4A5Klog8g4bmeR23ZzRof56i9ZnyeDtZtoUzYQGeHVgZQcJbUk-eT8IN9-U5LaJO3_ZhlPKosfh5FD6huoL_2QEa"
        + "wisILTL4KYzIY94fOyM3cZK309A2ggydW6p1YQKwzpUL-opQuCtqPPhR4SbkVPe5TaJFKklK_Kabw1DQQy9bu3n7BObyTAAY"
        + "Aezmi9nYsebLwpdlCw--Jtgqru-wlMkOTuW4xQni3GMsis0Jl6rWqNqqHAzOKWXQG8ptMeM3GbOUjnJmvzt7pmOwkGvhOH_c"
        + "KmQbHbtuQuhX9c-9zTK4WhbrSMdqv466ew98IuHsrPEKLF93OcgV3A",
      isRight: false),
  ]

  private static func bytes(_ text: String) -> [UInt8] { Base64URL.decode(text.utf8) ?? [] }

  @Test("only PKCS #1 v1.5 with SHA-256, encoded in the one way there is, is accepted", arguments: cases)
  private func encodings(_ one: Case) {
    let key = VerifyingKey.rsa(modulus: Self.bytes(Self.modulus), exponent: Self.exponent)
    #expect(key.accepts(Self.bytes(one.signature), of: Self.message) == one.isRight)
    #expect(!key.accepts(Self.bytes(one.signature), of: Array("123401".utf8)))
  }

  @Test("a signature has just as many bytes as the modulus, and is below it; every changed bit is refused")
  func lengths() throws {
    let key = VerifyingKey.rsa(modulus: Self.bytes(Self.modulus), exponent: Self.exponent)
    let right = Self.bytes(Self.cases[0].signature)
    #expect(key.accepts(right, of: Self.message))
    let above =
      "APNx8xTSS099vhe5cuCxWOfYcirB1Z-_u3Vcg6iz1QKcmN7AYpHt0ePmMrMkZAMG9m3tjF4IsWieIdaHlnxZy-bUKmtgmSF9"
      + "tzHSqSQ1NddvVVbZgiWFc6R-zurFjpcr6U8PPFZ_-nsM2ztGlNlRSFp1TCvFEGa2oCaAjGtnrmAwjyQkihTbUkw1ecj8X38Q"
      + "KRPyca848PmohLer4DR3VogRZG3Rl1PCq0v2FBwIunadIZKH52KXlpkEfzr5NYSYI7uyRupufd1n9Z45cYzElKw4odDui120"
      + "8EgyNQZjLyEePdF1pQsb06Yemj2mbzJ2e-od6UsbN7dbkaCQVrRbdrY"
    for wrong in [[0] + right, Array(right.dropLast()), Self.bytes(above), [], [UInt8](repeating: 0, count: 256)] {
      #expect(!key.accepts(wrong, of: Self.message))
    }
    for index in stride(from: 0, to: right.count, by: 5) {
      var changed = right
      changed[index] ^= 1
      #expect(!key.accepts(changed, of: Self.message))
    }
  }

  @Test("keys of less than 2048 bits check nothing, nor do exponents that leave a message as it is")
  func weakKeys() {
    let short =
      "x1r1TjaCQn3mAPTiStZlHhPvYkiZ_c4tZ1Pvj6ydbcXU-I9qTLsVBO1TP9X8U3LMzjC2gbtGcN27sDXqQQjZT3FTDtcclRP1"
      + "PRm6W0HQL3sqOzpuM1M2jDaMZB2fO_xg4810pNAuKyTFrw05uKI0_50GZ2DpdQUhFy1Ik2_3U9U"
    let signature =
      "VM441-KTsRjHiblAwDhIcPNuQ5Rm7IUwHcBGch0tKCe6mdmskqbWvMpdOslToWZn4YSqcMyL9k79TqXfAdMgR1EhkzVRqCEr"
      + "JAVLBeVC5h4pVtZPg6V44ptI5u-E5QF_X__VHXJEqUInl48DafZOd5AFtJNvIs6jS6cEUHn9CVQ"
    #expect(
      !VerifyingKey.rsa(modulus: Self.bytes(short), exponent: Self.exponent)
        .accepts(Self.bytes(signature), of: Self.message))
    let right = Self.bytes(Self.cases[0].signature)
    for exponent in [[], [1], [0], [2]] as [[UInt8]] {
      #expect(!VerifyingKey.rsa(modulus: Self.bytes(Self.modulus), exponent: exponent).accepts(right, of: Self.message))
    }
  }

  @Test("the signature of RFC 7515, appendix A.2")
  func rfc7515() {
    let modulus =
      "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4Ql"
      + "L-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUs"
      + "LA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoud"
      + "F8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    let signature =
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujG"
      + "bds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K"
      + "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6"
      + "LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    let message =
      "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    #expect(
      VerifyingKey.rsa(modulus: Self.bytes(modulus), exponent: Self.exponent)
        .accepts(Self.bytes(signature), of: Array(message.utf8)))
  }
}
