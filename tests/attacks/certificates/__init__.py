"""The twenty attacks on a certificate, and the tests that hold each; `test_attack_NN_…` stand here.

A name is a test, or the beginning of its name, in the file before it. `test_every_attack.py` reads this
table, so a test that is renamed away leaves a failure behind.

 1  none, odd case, lists as algorithm
    credentials/test_verify.py: test_a_header_that_is_not_ours, test_unsigned_tokens
    credentials/test_cwt.py: test_another_algorithm
 2  our public key as a shared secret
    credentials/test_verify.py: test_our_public_key_is_no_shared_secret
 3  a key that the attacker brings or hosts
    credentials/test_verify.py: test_a_key_that_the_token_brings_along
    credentials/test_cwt.py: test_a_stranger_s_signature
    attacks/certificates/test_at_the_counter.py: test_attack_03
 4  the right key of the wrong issuer
    credentials/test_verify.py: test_another_issuer_s_key
    attacks/certificates/test_at_the_counter.py: test_attack_04
    attacks/certificates/test_forged_content.py: test_attack_04
 5  registered claims that contradict the credential, dates of another type
    credentials/test_verify.py: test_claims_that_contradict_the_credential
    attacks/certificates/test_forged_content.py: test_attack_05
 6  other keys and other forms of a signature, its twin
    credentials/test_verify.py: test_signatures_of_another_form, test_the_signature_s_twin
    credentials/test_trust.py: test_only_points_of_the_curve
    attacks/certificates/test_at_the_counter.py: test_attack_06
 7  large and deep tokens
    credentials/test_verify.py: test_large_tokens, test_nested_brackets
    credentials/test_verify_routes.py: test_eight_megabytes
 8  JSON that others read otherwise
    credentials/test_verify.py: test_json_that_others_would_read_otherwise
 9  other spellings of base32, base64 and CBOR
    credentials/test_verify.py: test_other_spellings_of_the_same_bytes
    credentials/test_cwt.py: test_other_spellings_of_base32, test_bits_behind, test_trailing_bytes,
      test_the_same_key_twice, test_claims_of_another_form
    attacks/certificates/test_forged_content.py: test_attack_09
10  key names outside of the signed header, two keys of one name
    credentials/test_cwt.py: test_a_kid_outside_the_signed_header, test_two_keys_never_share_a_name
11  a real id on a forged paper, or the reverse
    credentials/test_cwt.py: test_a_real_id_on_a_forged_paper
    attacks/certificates/test_at_the_counter.py: test_attack_11
12  a real code copied on another person's paper
    browser/test_verify_code.py: test_a_scanned_code_shows_the_full_name
    attacks/certificates/test_at_the_counter.py: test_attack_12
13  look-alike addresses, redirects
    credentials/test_trust.py: test_a_paper_that_points_elsewhere
    browser/test_scanner_reading.py: test_addresses_that_are_not_ours
    attacks/certificates/test_at_the_counter.py: test_attack_13
14  another signed thing offered as a certificate, and the reverse
    credentials/test_verify.py: test_a_key_for_lists_signs_no_certificate
    credentials/test_cwt.py: test_a_key_for_lists_signs_no_paper
    credentials/test_status_lists.py: test_a_certificate_is_no_status_list
    attacks/certificates/test_at_the_counter.py: test_attack_14
15  stale, replayed, foreign, short, exploding and missing status lists, odd indices
    credentials/test_verify.py: test_a_status_index_has_one_spelling, test_a_status_stands_in
    credentials/test_status_lists.py: test_what_no_list_says_is_unknown, test_a_stale_list,
      test_a_list_out_of_its_dates, test_an_older_list, test_another_issuer_s_or_block_s_list,
      test_a_list_signed_with_another_issuer_s_key, test_a_bitstring_of_another_form,
      test_a_token_list_of_another_width, test_a_list_shorter_or_longer, test_a_bomb,
      test_bytes_behind_the_list
    browser/test_scanner_verdicts.py: test_what_is_too_old_or_missing, test_a_list_of_somebody_else
16  the future, the boundary second, a wrong clock
    credentials/test_verify.py: test_it_expires_on_the_very_second, test_a_certificate_from_the_future
    attacks/certificates/test_forged_content.py: test_attack_16
17  contexts in another order, unknown ones, ones further inside
    credentials/test_verify.py: test_only_the_known_contexts
    attacks/certificates/test_forged_content.py: test_attack_17
18  compromised and retired keys, back-dating, floods of unknown keys
    credentials/test_verify.py: test_a_retired_key, test_nothing_may_be_dated_before,
      test_a_compromised_key, test_floods_of_unknown_keys
    credentials/test_keys.py: test_a_thief_s_back_dated_certificate, test_a_certificate_that_the_ledger
    credentials/test_key_generations.py: test_a_retired_key_can_date_nothing_back
    attacks/certificates/test_at_the_counter.py: test_attack_18
19  markup, hidden letters, addresses and endless texts in what is signed
    credentials/test_display.py: test_letters_that_hide, test_a_text_is_never_endless
    credentials/test_verify_routes.py: test_hostile_names_stay_text
    attacks/certificates/test_shown.py: test_attack_19
20  hostile pictures and drawings, several files in one, guessing of ids
    credentials/test_qr.py: test_a_picture_with_anything_but_one_plain_token, test_a_drawing_with
    credentials/test_verify_routes.py: test_a_malformed_and_an_unknown_id, test_guessing_ids
    attacks/certificates/test_at_the_counter.py: test_attack_20
    attacks/certificates/test_paper_files.py: test_attack_20
    credentials/stacks/test_stacks.py: test_every_file_of_a_real_stack
    attacks/certificates/test_number_alone.py: test_attack_20
"""
