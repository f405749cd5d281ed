;;         li s1, 50
;; outer:  li s2, 20
;; inner:  add s3, s3, s2
;;         addi s2, s2, -1
;;         bnez s2, inner
;;         addi s1, s1, -1
;;         bnez s1, outer
;;         ebreak
(module
  (type (;0;) (func (param i32 i32) (result i64 i32)))
  (type (;1;) (func (param i64 i32 i32 i64 i64 i32) (result i64 i32)))
  (type (;2;) (func (param i64 i64 i32) (result i64)))
  (type (;3;) (func (param i64 i32) (result i64)))
  (type (;4;) (func (param i64 i64 i64 i32) (result i64)))
  (type (;5;) (func (param i64 i32 i32) (result i64)))
  (type (;6;) (func (param i64) (result i64)))
  (import "host" "memory" (memory (;0;) 2090 2090))
  (import "host" "own" (table (;0;) 0 funcref))
  (func (;0;) (type 0) (param i32 i32) (result i64 i32)
    (local i64 i64 i32 i32 i64 i64 i64)
    (if  ;; label = @1
      (i32.lt_s
        (i32.or
          (i32.sub
            (local.get 0)
            (i32.const 15))
          (local.get 1))
        (i32.const 0))
      (then
        (i32.store
          (i32.const 3076)
          (i32.const 0))
        (return
          (i64.or
            (i64.const 65544)
            (i64.extend_i32_u
              (i32.lt_s
                (local.get 0)
                (i32.const 15))))
          (local.get 0))))
    (local.set 6
      (i64.load
        (i32.const 72)))
    (local.set 7
      (i64.load
        (i32.const 144)))
    (local.set 8
      (i64.load
        (i32.const 152)))
    (loop  ;; label = @1
      (loop  ;; label = @2
        (block  ;; label = @3
          (local.set 8
            (i64.add
              (local.get 8)
              (local.get 7)))
          (local.set 7
            (i64.add
              (local.get 7)
              (i64.const -1)))
          (if  ;; label = @4
            (i64.ne
              (local.get 7)
              (i64.const 0))
            (then
              (local.set 8
                (i64.add
                  (local.get 8)
                  (local.get 7)))
              (local.set 7
                (i64.add
                  (local.get 7)
                  (i64.const -1)))
              (if  ;; label = @5
                (i64.ne
                  (local.get 7)
                  (i64.const 0))
                (then
                  (local.set 8
                    (i64.add
                      (local.get 8)
                      (local.get 7)))
                  (local.set 7
                    (i64.add
                      (local.get 7)
                      (i64.const -1)))
                  (if  ;; label = @6
                    (i64.ne
                      (local.get 7)
                      (i64.const 0))
                    (then
                      (local.set 8
                        (i64.add
                          (local.get 8)
                          (local.get 7)))
                      (local.set 7
                        (i64.add
                          (local.get 7)
                          (i64.const -1)))
                      (if  ;; label = @7
                        (i64.ne
                          (local.get 7)
                          (i64.const 0))
                        (then
                          (local.set 0
                            (i32.sub
                              (local.get 0)
                              (i32.const 12)))
                          (if  ;; label = @8
                            (i32.lt_s
                              (local.get 0)
                              (i32.const 15))
                            (then
                              (i64.store
                                (i32.const 144)
                                (local.get 7))
                              (i64.store
                                (i32.const 152)
                                (local.get 8))
                              (i32.store
                                (i32.const 3076)
                                (i32.const 0))
                              (return
                                (i64.const 65545)
                                (local.get 0))))
                          (br 5 (;@2;)))
                        (else
                          (br 4 (;@3;)))))
                    (else
                      (local.set 0
                        (i32.sub
                          (local.get 0)
                          (i32.const -3)))
                      (br 3 (;@3;)))))
                (else
                  (local.set 0
                    (i32.sub
                      (local.get 0)
                      (i32.const -6)))
                  (br 2 (;@3;)))))
            (else
              (local.set 0
                (i32.sub
                  (local.get 0)
                  (i32.const -9)))
              (br 1 (;@3;)))))
        (local.set 6
          (i64.add
            (local.get 6)
            (i64.const -1)))
        (i64.store
          (i32.const 72)
          (local.get 6))
        (i64.store
          (i32.const 144)
          (local.get 7))
        (i64.store
          (i32.const 152)
          (local.get 8))
        (if  ;; label = @3
          (i64.ne
            (local.get 6)
            (i64.const 0))
          (then
            (local.set 7
              (i64.add
                (i64.const 0)
                (i64.const 20)))
            (i64.store
              (i32.const 144)
              (local.get 7))
            (local.set 0
              (i32.sub
                (local.get 0)
                (i32.const 15)))
            (if  ;; label = @4
              (i32.lt_s
                (local.get 0)
                (i32.const 15))
              (then
                (i32.store
                  (i32.const 3076)
                  (i32.const 0))
                (return
                  (i64.const 65545)
                  (local.get 0))))
            (br 2 (;@1;)))
          (else
            (i32.store
              (i32.const 3076)
              (i32.const 4))
            (return
              (i64.const 65565)
              (i32.sub
                (local.get 0)
                (i32.const 14)))))))
    (unreachable))
  (export "region0" (func 0)))
