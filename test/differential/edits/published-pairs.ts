/**
 * Published versions of packages whose licence is MIT, and the integrity with which the registry knows
 * them. The tests fetch them; nothing of them is kept here. Chosen for what their changes go through:
 * `adm-zip` has CRLF and tabs, `sortablejs` changes from LF to both and back, `colors` gains the newline
 * that its files ended without, `moment` has other scripts, `jquery` and `moment` have large files and
 * lines of 80,000 characters, `iconv-lite` and `debug` have space at line ends, `marked` and
 * `@types/node` add, delete and move files.
 */
interface PublishedPair {
  readonly name: string;
  /** One after the other; each with the SHA-512 of its tarball (SRI). */
  readonly versions: readonly (readonly [version: string, integrity: string])[];
}

export const publishedPairs: readonly PublishedPair[] = [
  {
    name: "adm-zip",
    versions: [
      [
        "0.4.13",
        "sha512-fERNJX8sOXfel6qCBCMPvZLzENBEhZTzKqg6vrOW5pvoEaQuJhRU4ndTAh6lHOxn1I6jnz2NHra56ZODM751uw==",
      ],
      [
        "0.4.14",
        "sha512-/9aQCnQHF+0IiCl0qhXoK7qs//SwYE7zX8lsr/DNk1BRAHYxeLZPL4pguwK29gUEqasYQjqPtEpDRSWEkdHn9g==",
      ],
    ],
  },
  {
    name: "adm-zip",
    versions: [
      [
        "0.4.16",
        "sha512-TFi4HBKSGfIKsK5YCkKaaFG2m4PEDyViZmEwof3MTIgzimHLto6muaHVpbrljdIvIrFZzEq/p4nafOeLcYegrg==",
      ],
      [
        "0.5.0",
        "sha512-X6W8Pb1LFdDOQGMsO6OLGmRmyTzIxg5zjXitKjf2fQbqva4iAjcxWS4c01DH+HJ19n3qoQ9TstIRCxJmPOtDow==",
      ],
    ],
  },
  {
    name: "sortablejs",
    versions: [
      [
        "1.14.0",
        "sha512-pBXvQCs5/33fdN1/39pPL0NZF20LeRbLQ5jtnheIPN9JQAaufGjKdWduZn4U7wCtVuzKhmRkI0DFYHYRbB2H1w==",
      ],
      [
        "1.15.0",
        "sha512-bv9qgVMjUMf89wAvM6AxVvS/4MX3sPeN0+agqShejLU5z5GX4C75ow1O2e5k4L6XItUyAK3gH6AxSbXrOM5e8w==",
      ],
      [
        "1.15.1",
        "sha512-P5Cjvb0UG1ZVNiDPj/n4V+DinttXG6K8n7vM/HQf0C25K3YKQTQY6fsr/sEGsJGpQ9exmPxluHxKBc0mLKU1lQ==",
      ],
      [
        "1.15.3",
        "sha512-zdK3/kwwAK1cJgy1rwl1YtNTbRmc8qW/+vgXf75A7NHag5of4pyI6uK86ktmQETyWRH7IGaE73uZOOBcGxgqZg==",
      ],
    ],
  },
  {
    name: "knockout",
    versions: [
      [
        "3.4.0",
        "sha512-Jkui3Z3Ll318UBcZElSMwDSnWYZDiIOqf2YVbUlxEcuX3B1BN55NOVVrZEf7WEyiUKRF8N/uLLN9iqOXXpcKGw==",
      ],
      [
        "3.4.1",
        "sha512-QEjsJ7fJ7/dkQN5VZgKnM61xIqxa/k/kLcaqnZXGYdidVtiDd85KB4LxwXH9a6iNPBr2n2L+/g+cHj361XpBpQ==",
      ],
    ],
  },
  {
    name: "knockout",
    versions: [
      [
        "3.4.2",
        "sha512-yoY25btIjj8hLNd2HPF3Ld9fAf8idd/julcomODSdMX98C4pfODnWmPYmhnor9zh7cEAHpkMY04oLGKLXMqfvw==",
      ],
      [
        "3.5.0",
        "sha512-vBUF/IsBDzaejHkNpiquKdc5uPrImXuQ4Mb9lEfNNJ5cyHGI8ThDupR+h3eMFZhfmPE/brfwcIAn/fm0yOvJUg==",
      ],
    ],
  },
  {
    name: "colors",
    versions: [
      [
        "1.1.2",
        "sha512-ENwblkFQpqqia6b++zLD/KUWafYlVY/UNnAp7oz7LY7E924wmpye416wBOmvv/HMWzl8gL1kJlfvId/1Dg176w==",
      ],
      [
        "1.2.0",
        "sha512-lweugcX5nailCqZBttArTojZZpHGWhmFJX78KJHlxwhM8tLAy5QCgRgRxrubrksdvA+2Y3inWG5TToyyjL82BQ==",
      ],
    ],
  },
  {
    name: "iconv-lite",
    versions: [
      [
        "0.4.7",
        "sha512-Js5rATPL/P+t5hmjXLuSI5wF4YqFYuIZkAwL5HZ/FUFwWUy5jQCx4YAGSUOUeHbCSixY1yyk3LUTfgpQZhb/CQ==",
      ],
      [
        "0.4.8",
        "sha512-D90rbOiZuEJGtmIBK9wcRpW//ZKLD8bTPOAx5oEsu+O+HhSOstX/HCZFBvNkuyDuiNHunb81cfsqaYzZxcUMYA==",
      ],
    ],
  },
  {
    name: "debug",
    versions: [
      [
        "2.6.9",
        "sha512-bC7ElrdJaJnPbAP+1EotYvqZsb3ecl5wi6Bfi6BJTUcNowp6cvspg0jXznRTKDjm/E7AdgFBVeAPVMNcKGsHMA==",
      ],
      [
        "3.1.0",
        "sha512-OX8XqP7/1a9cqkxYw2yXss15f26NKWBpDXQd0/uK/KPqdQhxbPa994hnzjcE2VqQpDslf55723cKPUOGSmMY3g==",
      ],
    ],
  },
  {
    name: "marked",
    versions: [
      [
        "0.3.18",
        "sha512-49i2QYhfULqaXzNZpxC808PisuCTGT2fgG0zrzdCI9N3rIfAWfW0nggvbXr6zvpynZdOG5+9xNxdzP0kwZnERw==",
      ],
      [
        "0.3.19",
        "sha512-ea2eGWOqNxPcXv8dyERdSr/6FmzvWwzjMxpfGB/sbMccXoct+xY+YukPD+QTUZwyvK7BZwcr4m21WBOW41pAkg==",
      ],
      [
        "0.4.0",
        "sha512-tMsdNBgOsrUophCAFQl0XPe6Zqk/uy9gnue+jIIKhykO51hxyu6uNx7zBPy0+y/WKYVZZMspV9YeXLNdKk+iYw==",
      ],
    ],
  },
  {
    name: "he",
    versions: [
      [
        "1.1.1",
        "sha512-z/GDPjlRMNOa2XJiB4em8wJpuuBfrFOlYKTZxtpkdr1uPdibHI8rYA3MY0KDObpVyaes0e/aunid/t88ZI2EKA==",
      ],
      [
        "1.2.0",
        "sha512-F/1DnUGPopORZi0ni+CvrCgHQ5FyEAHRLSApuYWMmrbSwoN2Mn/7k+Gl38gJnR7yyDZk6WLXwiGod1JOWNDKGw==",
      ],
    ],
  },
  {
    name: "emoji-regex",
    versions: [
      [
        "9.2.2",
        "sha512-L18DaJsXSUk2+42pv8mLs5jJT2hqFkFE4j21wOmgbUqsZ2hL72NsUU785g9RXgo3s0ZNgVl42TiHp3ZtOv/Vyg==",
      ],
      [
        "10.0.0",
        "sha512-KmJa8l6uHi1HrBI34udwlzZY1jOEuID/ft4d8BSSEdRyap7PwBEt910453PJa5MuGvxkLqlt4Uvhu7tttFHViw==",
      ],
    ],
  },
  {
    name: "mime-db",
    versions: [
      [
        "1.51.0",
        "sha512-5y8A56jg7XVQx2mbv1lu49NR4dokRnhZYTtL+KGfaa27uq4pSTXkwQkFJl4pkRMyNFz/EtYDSkiiEHx3F7UN6g==",
      ],
      [
        "1.52.0",
        "sha512-sPU4uV7dYlvtWJxwwxHD0PuihVNiE7TyAbQ5SWxDCB9mUYvOgroQOwYQQOKPJ8CIbE+1ETVlOoK1UC2nU3gYvg==",
      ],
    ],
  },
  {
    name: "@types/node",
    versions: [
      [
        "12.12.62",
        "sha512-qAfo81CsD7yQIM9mVyh6B/U47li5g7cfpVQEDMfQeF8pSZVwzbhwU3crc0qG4DmpsebpJPR49AKOExQyJ05Cpg==",
      ],
      [
        "13.1.0",
        "sha512-zwrxviZS08kRX40nqBrmERElF2vpw4IUTd5khkhBTfFH8AOaeoLVx48EC4+ZzS2/Iga7NevncqnsUSYjM4OWYA==",
      ],
    ],
  },
  {
    name: "jquery",
    versions: [
      [
        "3.5.1",
        "sha512-XwIBPqcMn57FxfT+Go5pzySnm4KWkT1Tv7gjrpT1srtf8Weynl6R273VJ5GjkRb51IzMp5nbaPjJXMWeju2MKg==",
      ],
      [
        "3.6.0",
        "sha512-JVzAR/AjBvVt2BmYhxRCSYysDsPcssdmTFnzyLEts9qNwmjmu4JTAMYubEfwVOSwpQ1I1sKKFcxhZCI2buerfw==",
      ],
    ],
  },
  {
    name: "moment",
    versions: [
      [
        "2.29.4",
        "sha512-5LC9SOxjSc2HF6vO2CyuTDNivEdoz2IvyJJGj6X8DJ0eFyfszE0QiEd+iXmBvUP3WHxSjFH/vIsA0EN00cgr8w==",
      ],
      [
        "2.30.1",
        "sha512-uEmtNhbDOrWPFS+hdjFCBfy9f2YoyzRpwcl+DqpC6taX21FzsTLQVbMV/W7PzNSX6x/bhC1zA3c2UQ5NzH6how==",
      ],
    ],
  },
];
